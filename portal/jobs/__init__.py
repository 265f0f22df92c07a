"""The door for time: the outbox, photo derivatives and clocks that run out."""
