"""The groups of subcommands; each module offers ``add(commands)``."""
