"""Takes files of the inbox in: found, read, asked about, pseudonymised, stored."""
