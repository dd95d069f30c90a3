//go:build race

package main

const raceEnabled = "true"

// The program that is killed is built without the race detector either way:
// 200 times are for the tests without it.
const killsByDefault = 40
