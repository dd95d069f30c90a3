// Command requestchild is a second process on the database of a data directory,
// for tests of store/counter. It obeys lines of stdin until that ends, each with
// one line to stdout:
//
//	reserve N ISSUER JTI NONCE ID   as N goroutines at once; says how many won
//	record ISSUER JTI NONCE ID      records a proofing; says its number
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/store"
	"chipproof/store/counter"
)

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string) error {
	file, err := os.ReadFile(store.KeyFilesIn(dir).Audit)
	if err != nil {
		return err
	}
	key, err := audit.ParseKey(file)
	if err != nil {
		return err
	}
	log, err := store.NewAuditLog(store.AuditOptions{Key: key})
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, dir, store.Options{Recorder: log})
	if err != nil {
		return err
	}
	log.Attach(s)
	records := counter.New(s, log)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		said, err := obey(ctx, records, strings.Fields(lines.Text()))
		if err != nil {
			return err
		}
		fmt.Println(said)
	}
	return lines.Err()
}

func obey(ctx context.Context, records *counter.Records, words []string) (string, error) {
	switch words[0] {
	case "reserve":
		n, err := strconv.Atoi(words[1])
		if err != nil {
			return "", err
		}
		return reserve(ctx, records, n, useOf(words[2:]), words[5])
	case "record":
		return records.RecordProofing(ctx, proofing.Record{ID: words[4], Use: useOf(words[1:]), At: time.Now()})
	}
	return "", fmt.Errorf("no such word: %s", words[0])
}

func useOf(words []string) proofing.RequestUse {
	return proofing.RequestUse{Issuer: words[0], JTI: words[1], Nonce: words[2], Until: time.Now().Add(3 * time.Minute)}
}

func reserve(ctx context.Context, records *counter.Records, n int, use proofing.RequestUse, id string) (string, error) {
	var (
		all    sync.WaitGroup
		mu     sync.Mutex
		won    int
		failed error
	)
	for range n {
		all.Go(func() {
			reserved, err := records.ReserveRequest(ctx, use, id, time.Now())
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = err
			}
			if reserved {
				won++
			}
		})
	}
	all.Wait()
	return strconv.Itoa(won), failed
}
