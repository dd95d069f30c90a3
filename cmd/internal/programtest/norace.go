//go:build !race

package programtest

const raceEnabled = "false"

// Kills is how often a test kills the program at a random moment.
const Kills = 200
