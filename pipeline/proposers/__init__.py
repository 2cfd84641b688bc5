"""What proposes codes for an interview; found by name, each behind the same few words."""
