// Command auditchild appends to the audit log of a data directory until it is
// killed, and says what has become durable: a line "entry NUMBER SUBJECT" for an
// entry of its own, "act NAME" for a user added together with its entry. The test
// of store that kills it builds it, without the race detector.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir, second, name string) error {
	file, err := os.ReadFile(store.KeyFilesIn(dir).Audit)
	if err != nil {
		return err
	}
	key, err := audit.ParseKey(file)
	if err != nil {
		return err
	}
	log, err := store.NewAuditLog(store.AuditOptions{Key: key, CheckpointDir: second, Interval: 3 * time.Millisecond})
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, dir, store.Options{Recorder: log})
	if err != nil {
		return err
	}
	log.Attach(s)

	var out sync.Mutex // one line is one write
	say := func(format string, args ...any) {
		out.Lock()
		defer out.Unlock()
		w := bufio.NewWriter(os.Stdout)
		fmt.Fprintf(w, format+"\n", args...)
		_ = w.Flush() // whoever reads it is gone then, and we are soon
	}
	failures := make(chan error)
	for writer := range 3 {
		go func() {
			for i := 0; ; i++ {
				subject := fmt.Sprintf("%s-%d-%d", name, writer, i)
				e, err := log.Append(ctx, audit.Event{Kind: audit.KindRead, Actor: "clerk", Subject: subject})
				if err != nil {
					failures <- err
					return
				}
				say("entry %d %s", e.Number, subject)
			}
		}()
	}
	go func() {
		for i := 0; ; i++ {
			user := fmt.Sprintf("%s.%d", name, i)
			if err := add(ctx, s, user); err != nil {
				failures <- err
				return
			}
			say("act %s", user)
		}
	}()
	return <-failures
}

func add(ctx context.Context, s *store.Store, name string) error {
	return s.Update(ctx, func(tx mfa.Tx) error {
		if _, err := tx.InsertUser(ctx, mfa.User{ID: name, Name: name, Role: mfa.RoleStaff, Created: time.Now()}); err != nil {
			return err
		}
		return tx.Record(ctx, mfa.Event{Kind: mfa.EventUserAdded, At: time.Now(), Actor: "os:0", Subject: name})
	})
}
