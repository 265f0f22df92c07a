"""Timeline 办理经过: what happened, insert-only, and who still has to be told of it."""
