"""Says how well people agree with each other and with the machine, and what showing it changed."""
