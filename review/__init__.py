"""The page on which a coder confirms, changes or rejects what was suggested."""
