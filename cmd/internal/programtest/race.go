//go:build race

package programtest

const raceEnabled = "true"

// Kills is how often a test kills the program at a random moment. What is killed is
// built without the race detector either way: 200 times are for the tests without it.
const Kills = 40
