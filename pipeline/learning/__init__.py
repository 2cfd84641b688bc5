"""What is learnt from coders' decisions; it starts from what `material` reads."""
