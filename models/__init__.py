"""Text and arrays only: encoders, similarity, agreement."""
