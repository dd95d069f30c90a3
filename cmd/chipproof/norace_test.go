//go:build !race

package main

const raceEnabled = "false"

const killsByDefault = 200
