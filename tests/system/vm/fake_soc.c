// SPDX-License-Identifier: GPL-2.0
/*
 * What the emulated machine lacks and a board has: a cpufreq policy, two thermal zones, and a cooling
 * device that lowers the clock of the one when the other gets hot. For tests only.
 *
 * temperature_mc=CPU,GPU  what the zones read, in millidegrees; may be written at any time
 * zone_errno=CPU,GPU      what reading them answers instead, if not 0
 */
#include <linux/cpu_cooling.h>
#include <linux/cpufreq.h>
#include <linux/module.h>
#include <linux/thermal.h>

#define ZONES 2
#define STEPS 13

static int temperature_mc[ZONES] = { 45000, 43000 };
module_param_array(temperature_mc, int, NULL, 0644);
static int zone_errno[ZONES];
module_param_array(zone_errno, int, NULL, 0644);

static struct cpufreq_frequency_table table[STEPS + 1];
static unsigned int frequency_khz = 600000;

static int clock_init(struct cpufreq_policy *policy)
{
	cpumask_copy(policy->cpus, cpu_possible_mask);
	policy->freq_table = table;
	policy->cpuinfo.transition_latency = 100000;
	return 0;
}

static int clock_exit(struct cpufreq_policy *policy)
{
	return 0;
}

static int clock_set(struct cpufreq_policy *policy, unsigned int index)
{
	frequency_khz = table[index].frequency;
	return 0;
}

static unsigned int clock_get(unsigned int cpu)
{
	return frequency_khz;
}

static struct cpufreq_driver clock_driver = {
	.name = "fake-soc",
	.flags = CPUFREQ_NO_AUTO_DYNAMIC_SWITCHING,
	.init = clock_init,
	.exit = clock_exit,
	.verify = cpufreq_generic_frequency_table_verify,
	.target_index = clock_set,
	.get = clock_get,
	.attr = cpufreq_generic_attr,
};

static int zone_read(struct thermal_zone_device *zone, int *millidegrees)
{
	long number = (long)zone->devdata;

	if (zone_errno[number])
		return -zone_errno[number];
	*millidegrees = temperature_mc[number];
	return 0;
}

static int trip_action(struct thermal_zone_device *zone, int trip, enum thermal_trip_type *action)
{
	*action = trip ? THERMAL_TRIP_CRITICAL : THERMAL_TRIP_PASSIVE;
	return 0;
}

static int trip_temperature(struct thermal_zone_device *zone, int trip, int *millidegrees)
{
	*millidegrees = trip ? 120000 : 90000;
	return 0;
}

static struct thermal_zone_device_ops zone_ops = {
	.get_temp = zone_read,
	.get_trip_type = trip_action,
	.get_trip_temp = trip_temperature,
};

static struct thermal_zone_device *zones[ZONES];
static struct thermal_cooling_device *cooling;

static void bind_clock_to_heat(void)
{
	struct cpufreq_policy *policy = cpufreq_cpu_get(0);

	if (!policy)
		return;
	cooling = cpufreq_cooling_register(policy);
	cpufreq_cpu_put(policy);
	if (!IS_ERR_OR_NULL(cooling) && !IS_ERR_OR_NULL(zones[0]))
		thermal_zone_bind_cooling_device(zones[0], 0, cooling, THERMAL_NO_LIMIT,
						 THERMAL_NO_LIMIT, THERMAL_WEIGHT_DEFAULT);
}

static int __init fake_soc_start(void)
{
	static const char * const names[ZONES] = { "cpu0-thermal", "gpu-thermal" };
	long number;
	int step, failed;

	for (step = 0; step < STEPS; step++)
		table[step].frequency = 200000 + step * 100000;
	table[STEPS].frequency = CPUFREQ_TABLE_END;
	failed = cpufreq_register_driver(&clock_driver);
	if (failed)
		return failed;
	for (number = 0; number < ZONES; number++) {
		zones[number] = thermal_zone_device_register(names[number], 2, 0, (void *)number,
							     &zone_ops, NULL, 100, 200);
		if (!IS_ERR(zones[number]))
			thermal_zone_device_enable(zones[number]);
	}
	bind_clock_to_heat();
	return 0;
}

/* No exit function: the guest is switched off with it. */
module_init(fake_soc_start);
MODULE_DESCRIPTION("A clock and two thermal zones for tests");
MODULE_LICENSE("GPL");
