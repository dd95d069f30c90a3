package main

import (
	"errors"
	"fmt"

	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
	"chipproof/simulator"
)

// source is where a card comes from: the flags that several commands share.
type source struct {
	Driver string `help:"Where the card is: pcsc (a reader on this machine) or simulator." enum:"pcsc,simulator" default:"pcsc"`
	Person string `help:"Simulator: whose card is in the reader; one of 'chipproof sim people', or @ and a file of your own (YAML). Without it: ${default_person}." placeholder:"NAME|@FILE"`
	Faults string `help:"Simulator: a plan of what goes wrong, and when (YAML)." placeholder:"FILE"`
	Replay string `help:"Simulator: play a transcript that 'chipproof read --record' wrote, instead of a person's card." placeholder:"FILE"`
}

// simulatedReader begins the names of the simulator's readers.
const simulatedReader = "Simulated Reader "

// defaultPerson is an adult with everything in order.
const defaultPerson = "default"

// check says everything that is wrong with the flags.
func (s source) check() error {
	if s.Driver == "simulator" {
		_, err := s.machine()
		return err
	}
	var problems []error
	for _, f := range []struct{ name, value string }{{"--person", s.Person}, {"--faults", s.Faults}, {"--replay", s.Replay}} {
		if f.value != "" {
			problems = append(problems, fmt.Errorf("%s needs --driver simulator", f.name))
		}
	}
	return errors.Join(problems...)
}

// open gives the driver.
func (s source) open() (cardreader.Driver, error) {
	if s.Driver == "simulator" {
		return s.machine()
	}
	return pcsc.New(), nil
}

// machine gives simulated readers, one with a card in it.
func (s source) machine() (*simulator.Machine, error) {
	stage := stage{readers: []string{simulatedReader + "1"}, persons: []string{s.Person}, faults: s.Faults, replay: s.Replay}
	return stage.machine()
}
