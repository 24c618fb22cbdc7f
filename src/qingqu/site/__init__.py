"""The whole system put together: settings, routes, base templates and the command line."""
