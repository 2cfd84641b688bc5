"""Readers and writers of transcripts, by the shape of the file."""
