// A worker that solves the puzzle of a portal that gets very many reports at once. ALTCHA's own.
import "altcha/workers/pbkdf2";
