from tests.system.container.machine import Machine


def test_it_boots(machine: Machine) -> None:
    assert machine.limits
    print(machine.ask("systemctl", "--failed"))
