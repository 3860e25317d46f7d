"""The plugin contract, and the processes in which agencies' plugins run. An agency imports ``v1``."""
