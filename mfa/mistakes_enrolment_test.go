package mfa_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func TestMistake13_CVE_2026_119128_TheFirstCredentialNeedsTheGrant(t *testing.T) {
	o := newOffice(t)
	p := &person{name: "malee", password: goodPassword}
	inv := o.add("malee", mfa.RoleStaff)
	other := o.add("anan", mfa.RoleStaff)

	for _, grant := range []mfa.Hidden{{}, mfa.Hide("malee"), mfa.Hide(inv.User.ID), mfa.Hide(inv.Grant.Reveal() + " "), mfa.Hide(strings.ToUpper(inv.Grant.Reveal()))} {
		_, err := o.StartEnrolment(t.Context(), grant, mfa.Hide(p.password))
		assert.ErrorIs(t, err, mfa.ErrGrantRefused)
	}
	_, err := o.tryPassword("malee", goodPassword)
	assert.ErrorIs(t, err, mfa.ErrLoginFailed, "before enrolment there is nothing to log in with")

	key, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(p.password))
	require.NoError(t, err)
	_, err = o.tryPassword("malee", goodPassword)
	assert.ErrorIs(t, err, mfa.ErrLoginFailed, "nor between its steps")
	p.secret = key.Secret
	_, err = o.FinishEnrolment(t.Context(), other.Grant, o.code(p))
	assert.ErrorIs(t, err, mfa.ErrGrantRefused, "another's grant confirms nothing of mine")
	_, err = o.FinishEnrolment(t.Context(), inv.Grant, o.code(p))
	require.NoError(t, err)
	for range 2 {
		o.nextStep()
		_, err = o.FinishEnrolment(t.Context(), inv.Grant, o.code(p))
		assert.ErrorIs(t, err, mfa.ErrGrantRefused, "a grant is used once")
		_, err = o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide("อีกรหัสหนึ่งของคนอื่น"))
		assert.ErrorIs(t, err, mfa.ErrGrantRefused)
	}
	o.clock.Forward(mfa.GrantLife)
	_, err = o.StartEnrolment(t.Context(), other.Grant, mfa.Hide(p.password))
	assert.ErrorIs(t, err, mfa.ErrGrantRefused, "and not for ever")
}

func TestMistake17_CVE_2026_18963_AnotherWayIsBoundToItsStepAndUser(t *testing.T) {
	o := newOffice(t)
	admin, malee := o.enrolled("admin", mfa.RoleAdmin), o.enrolled("malee", mfa.RoleStaff)
	emergency, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	inv, err := o.ResetUser(t.Context(), mfa.ByOS("0"), "malee", mfa.LostPhone)
	require.NoError(t, err)

	// A code given in the place of another factor, or a grant as a code.
	for name, try := range map[string]func() error{
		"backup code as password":    func() error { _, err := o.tryPassword("admin", admin.codes[0].Reveal()); return err },
		"emergency code as password": func() error { _, err := o.tryPassword("admin", emergency.Reveal()); return err },
		"emergency code as backup code": func() error {
			_, err := o.GiveBackupCode(t.Context(), o.half(admin).Token, emergency)
			return err
		},
		"backup code as emergency code": func() error {
			_, err := o.GiveEmergencyCode(t.Context(), o.half(admin).Token, admin.codes[0])
			return err
		},
		"grant as backup code": func() error { _, err := o.GiveBackupCode(t.Context(), o.half(admin).Token, inv.Grant); return err },
		"backup code as app's code": func() error {
			_, err := o.GiveTOTP(t.Context(), o.half(admin).Token, admin.codes[0])
			return err
		},
		"password as app's code": func() error {
			_, err := o.GiveTOTP(t.Context(), o.half(admin).Token, mfa.Hide(admin.password))
			return err
		},
	} {
		require.NoError(t, o.UnlockUser(t.Context(), mfa.ByOS("0"), "admin"))
		assert.ErrorIs(t, try(), mfa.ErrLoginFailed, name)
	}
	// A reset for a lost phone still asks for the password that the user has.
	_, err = o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide("รหัสใหม่ที่คนอื่นตั้งให้"))
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
	// And a code from paper stands beside the password, never alone.
	_, err = o.GiveBackupCode(t.Context(), mfa.Token{}, malee.codes[0])
	assert.ErrorIs(t, err, mfa.ErrMFARequired)
}

func TestMistake27_CVE_2026_89080_ChangesToFactorsNeedTwoFactorsAndLeaveAnEntry(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	half, active := o.half(p), o.login(p)
	o.clock.Forward(mfa.StepUpAge)
	changes := map[string]func(e mfa.Entry) error{
		"add":    func(e mfa.Entry) error { _, err := o.AddTOTP(t.Context(), e.Token, "x"); return err },
		"remove": func(e mfa.Entry) error { return o.RemoveTOTP(t.Context(), e.Token, "x") },
		"codes":  func(e mfa.Entry) error { _, err := o.NewBackupCodes(t.Context(), e.Token); return err },
		"password": func(e mfa.Entry) error {
			_, err := o.ChangePassword(t.Context(), e.Token, mfa.Hide("x"), mfa.Hide("y"))
			return err
		},
	}
	for name, change := range changes {
		assert.ErrorIs(t, change(half), mfa.ErrMFARequired, name)
		assert.ErrorIs(t, change(active), mfa.ErrStepUpRequired, name)
	}
	assert.Len(t, o.events(mfa.EventRefused), len(changes), "each refusal of a known person is an entry")

	before := len(o.events())
	active = o.stepUp(active, p)
	key, err := o.AddTOTP(t.Context(), active.Token, "second phone")
	require.NoError(t, err)
	active, err = o.ConfirmTOTP(t.Context(), active.Token, key.ID, codeAt(key.Secret, mfa.Step(o.clock.Now())))
	require.NoError(t, err)
	_, err = o.NewBackupCodes(t.Context(), active.Token)
	require.NoError(t, err)
	require.NoError(t, o.RemoveTOTP(t.Context(), active.Token, key.ID))
	var kinds []mfa.EventKind
	for _, e := range o.events()[before:] {
		kinds = append(kinds, e.Kind)
	}
	assert.Equal(t, []mfa.EventKind{mfa.EventSteppedUp, mfa.EventFactorAdded, mfa.EventBackupCodesMade, mfa.EventFactorRemoved}, kinds)
}

func TestMistake28_CVE_2026_33640_NothingHereSendsAnything(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		require.NoError(t, err)
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, i := range file.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			require.NoError(t, err)
			for _, way := range []string{"net/smtp", "net/http", "net/mail", "net", "go-mail", "html/template", "text/template", "os/exec"} {
				assert.False(t, path == way || strings.HasSuffix(path, "/"+way), "%s imports %s", name, path)
			}
		}
	}
}

func TestMistake30_CVE_2021_32637_WhatCantBeParsedDenies(t *testing.T) {
	good := func(o *office) *person { return o.enrolled("malee", mfa.RoleStaff) }
	for name, spoil := range map[string]string{
		"no hash":            `UPDATE password SET phc = ''`,
		"another scheme":     `UPDATE password SET phc = '$2b$10$abcdefghijklmnopqrstuv'`,
		"no parameters":      `UPDATE password SET phc = replace(phc, 'm=64,t=1,p=1', '')`,
		"other parameters":   `UPDATE password SET phc = replace(phc, 't=1', 't=01')`,
		"greedy parameters":  `UPDATE password SET phc = replace(phc, 'm=64', 'm=4294967295')`,
		"something behind":   `UPDATE password SET phc = phc || '$'`,
		"a shorter hash":     `UPDATE password SET phc = substr(phc, 1, length(phc) - 4)`,
		"an unknown pepper":  `UPDATE password SET pepper_id = 'k00000000'`,
		"no pepper":          `UPDATE password SET pepper_id = ''`,
		"garbage for a hash": `UPDATE password SET phc = x'ff' || 'garbage'`,
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			p := good(o)
			o.sql(spoil)
			_, err := o.tryPassword(p.name, p.password)
			assert.Error(t, err)
		})
	}
	for name, spoil := range map[string]string{
		"empty": `UPDATE totp SET secret = x''`, "cut": `UPDATE totp SET secret = substr(secret, 1, 20)`,
		"other version": `UPDATE totp SET secret = CAST(x'02' || substr(secret, 2) AS BLOB)`, "long key id": `UPDATE totp SET secret = CAST(x'01ff' || substr(secret, 3) AS BLOB)`,
	} {
		t.Run("sealed secret "+name, func(t *testing.T) {
			o := newOffice(t)
			p := good(o)
			e := o.half(p)
			o.sql(spoil)
			_, err := o.GiveTOTP(t.Context(), e.Token, o.code(p))
			assert.ErrorIs(t, err, mfa.ErrSealBroken)
			assert.Equal(t, mfa.StateSecondFactorRequired, o.session(e).State)
		})
	}
	o := newOffice(t)
	good(o)
	for _, name := range []string{"mal ee", "malee\x00", "malee\xff", "../malee", "malee;--", strings.Repeat("m", 1000)} {
		_, err := o.tryPassword(name, goodPassword)
		assert.ErrorIs(t, err, mfa.ErrLoginFailed, "%q", name)
	}
	for _, password := range []string{"\xff\xfe", strings.Repeat("ก", 100_000), goodPassword + "\x00"} {
		_, err := o.tryPassword("malee", password)
		assert.ErrorIs(t, err, mfa.ErrLoginFailed)
		require.NoError(t, o.UnlockUser(t.Context(), mfa.ByOS("0"), "malee"))
	}
}
