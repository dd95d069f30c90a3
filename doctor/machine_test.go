package doctor_test

import (
	"context"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
	"chipproof/doctor"
)

// service is a reader service that answers what a test wants. It stands for the
// daemon outside, not for code of ours.
type service struct {
	readers []cardreader.State
	err     error
}

func (s service) List(context.Context) ([]cardreader.State, error) { return s.readers, s.err }

var (
	built   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	thaiATR = []byte("\x3B\x79\x96\x00\x00TH NID 17") // thai-id-card §3
	acrName = "ACS ACR39U ICC Reader 00 00"
)

// healthy is a machine on which everything is as it should be.
func healthy() doctor.Machine {
	return doctor.Machine{
		Readers: service{readers: []cardreader.State{{Reader: acrName, Card: cardreader.Present, ATR: thaiATR}}},
		System:  "linux",
		Files:   fstest.MapFS{"usr/sbin/pcscd": {}},
		Sysfs:   usb(device{"1-2", "072f", "b100", "ACS", "ACR39U ICC Reader", "0b"}),
		Account: "chipproof",
		Clock:   func() time.Time { return built.AddDate(0, 1, 0) },
		Built:   built,
		Sync:    func() doctor.Sync { return doctor.Synchronised },

		LoopbackV6: func() error { return nil },
		DropIn:     func(context.Context, int) doctor.Answer { return doctor.Silence },
		Env:        func(string) string { return "" },
	}
}

type device struct{ id, vendor, product, maker, model, class string }

// usb is /sys/bus/usb/devices with a root hub and the devices given.
func usb(devices ...device) fs.FS {
	tree := fstest.MapFS{
		"usb1/idVendor":           text("1d6b"),
		"usb1/idProduct":          text("0002"),
		"1-0:1.0/bInterfaceClass": text("09"),
	}
	for _, d := range devices {
		tree[d.id+"/idVendor"] = text(d.vendor)
		tree[d.id+"/idProduct"] = text(d.product)
		tree[d.id+":1.0/bInterfaceClass"] = text(d.class)
		if d.maker != "" {
			tree[d.id+"/manufacturer"] = text(d.maker)
		}
		if d.model != "" {
			tree[d.id+"/product"] = text(d.model)
		}
	}
	return tree
}

func text(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s + "\n")} }

// examine gives the check of one kind, and demands that there is exactly one.
func examine(t testing.TB, m doctor.Machine, id string) doctor.Check {
	t.Helper()
	var found []doctor.Check
	for _, c := range doctor.Examine(t.Context(), m) {
		if c.ID == id {
			found = append(found, c)
		}
	}
	require.Len(t, found, 1)
	return found[0]
}

// with is a healthy machine whose reader service answers this.
func with(err error, readers ...cardreader.State) doctor.Machine {
	m := healthy()
	m.Readers = service{readers: readers, err: err}
	return m
}
