package mfa_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"os"
	"time"

	"chipproof/mfa"
	"chipproof/store"
	"chipproof/store/storetest"
)

// A new user enrols by a grant and logs in with both factors.
func Example() {
	if err := example(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// second_factor_required
	// active, may act until 08:00 tomorrow; holds the desk: true
}

func example() error {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	db, err := store.Create(ctx, dir, store.Options{Recorder: storetest.Recorder{}}) // a program has its audit log there
	if err != nil {
		return err
	}
	defer db.Close()
	keys, err := mfa.NewKeyring(rand.Reader)
	if err != nil {
		return err
	}
	pepper, err := mfa.NewKeyring(rand.Reader)
	if err != nil {
		return err
	}
	now := time.Date(2026, 11, 23, 7, 59, 30, 0, time.UTC)
	service, err := mfa.New(mfa.Config{Store: db, Keys: keys, Pepper: pepper, Desk: true, Clock: func() time.Time { return now }})
	if err != nil {
		return err
	}
	if err := service.InitKeys(ctx); err != nil {
		return err
	}

	// A command adds the user; the grant goes to her on paper.
	invitation, err := service.AddUser(ctx, mfa.ByOS("1000"), "malee", mfa.RoleStaff)
	if err != nil {
		return err
	}
	password := mfa.Hide("แมวสามตัวข้ามคลอง")
	key, err := service.StartEnrolment(ctx, invitation.Grant, password)
	if err != nil {
		return err
	}
	if _, err := service.FinishEnrolment(ctx, invitation.Grant, codeAt(key.Secret, mfa.Step(now))); err != nil {
		return err
	}

	// Half a minute later her app shows the next code.
	now = now.Add(mfa.StepLength)
	entry, err := service.Login(ctx, mfa.Login{UserName: "malee", Password: password})
	if err != nil {
		return err
	}
	fmt.Println(entry.Session.State)
	entry, err = service.GiveTOTP(ctx, entry.Token, codeAt(key.Secret, mfa.Step(now)))
	if err != nil {
		return err
	}
	fmt.Printf("%s, may act until %s tomorrow; holds the desk: %v\n",
		entry.Session.State, entry.Session.Ends.Format("15:04"), entry.Session.HoldsDesk)
	return nil
}
