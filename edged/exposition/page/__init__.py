"""The built-in page: files for the browser, and the summary for those without JavaScript."""
