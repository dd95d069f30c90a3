// Command scanchild goes on with a scan of an office's data directory until it is
// killed or the scan has ended, and says so after every item that it did. The test of
// store/office that kills it builds it, without the race detector.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"chipproof/audit"
	"chipproof/exposure/crawl"
	"chipproof/exposure/job"
	"chipproof/mfa"
	"chipproof/store"
	"chipproof/store/office"
)

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// outside is an address that counts as public; the dialler leads it to the test's
// site.
type outside struct{}

func (outside) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("8.8.4.4")}, nil
}

func run(ctx context.Context, dir, scan, site string) error {
	signing, err := os.ReadFile(filepath.Join(dir, "sign"))
	if err != nil {
		return err
	}
	key, err := audit.ParseKey(signing)
	if err != nil {
		return err
	}
	secrets, err := os.ReadFile(filepath.Join(dir, "ring"))
	if err != nil {
		return err
	}
	ring, err := mfa.ParseKeyring(secrets)
	if err != nil {
		return err
	}
	log, err := store.NewAuditLog(store.AuditOptions{Key: key})
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, dir, store.Options{Recorder: log, Program: store.Office})
	if err != nil {
		return err
	}
	log.Attach(s)
	fingerprints, err := office.ExposureKey(ctx, s, log, ring, job.Actor{ID: "os:0"}, rand.Reader, time.Now())
	if err != nil {
		return err
	}
	scans := office.NewScans(s, log, fingerprints, time.Now)
	runner := job.NewRunner(job.Options{
		Ledger: scans, Places: scans, Holds: scans, Key: fingerprints, Version: "1.0", Workers: 2,
		Fetch: crawl.Options{
			Resolver: outside{},
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, site)
			},
		},
	})
	last := ""
	_, err = runner.Run(ctx, scan, func(p job.Progress) {
		if p.Current != last { // else it was done before
			fmt.Println("item", p.Part, p.Items)
		}
		last = p.Current
	})
	if err != nil {
		return err
	}
	fmt.Println("ended")
	return s.Close()
}
