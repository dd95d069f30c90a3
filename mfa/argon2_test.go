package mfa

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/argon2"
)

// Made by the reference implementation of RFC 9106 (phc-winner-argon2 20171227,
// Debian's command argon2 -id -e); the first also stands in its own tests.
var referenceHashes = map[string]string{
	"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc":            "password",
	"$argon2id$v=19$m=19456,t=3,p=2$c29tZXNhbHQ$i9fqtOC9I3uHcncsIkBZxFQgXpppfAmqpGPLqMasOF0":            "password",
	"$argon2id$v=19$m=19456,t=5,p=1$c2FsdHNhbHRzYWx0c2FsdA$/pHBWB5Xx1N6Qp4wo0rg3Gnb7iI8Ai/ylhtUJpau7s4": "แมวสามตัวข้ามคลอง",
}

func TestAHashOfTheReferenceImplementationIsUnderstood(t *testing.T) {
	for stored, password := range referenceHashes {
		p, err := parsePHC(stored)
		require.NoError(t, err)
		assert.True(t, p.matches([]byte(password)), stored)
		assert.False(t, p.matches([]byte(password+"x")), stored)
		assert.Equal(t, stored, p.String())
	}
}

func TestAStoredHashIsNoPlainHashOfThePassword(t *testing.T) {
	pepper, err := NewKeyring(zeros{})
	require.NoError(t, err)
	h := &hasher{cost: Argon2{MemoryKiB: 64, Passes: 1, Threads: 1}, random: zeros{}, slots: make(chan struct{}, 1), onRun: func() {}}
	stored, id, err := h.hash(t.Context(), pepper, Hide("password"))
	require.NoError(t, err)
	assert.Equal(t, pepper.Current(), id)
	p, err := parsePHC(stored)
	require.NoError(t, err)
	assert.NotEqual(t, argon2.IDKey([]byte("password"), p.salt, 1, 64, 1, hashBytes), p.hash, "the pepper is in it")
	ok, stale, err := h.matches(t.Context(), pepper, Hide("password"), Password{PHC: stored, Pepper: id})
	require.NoError(t, err)
	assert.True(t, ok)
	assert.False(t, stale)
}

// zeros is a source of no randomness at all.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func TestNoMoreHashesRunAtOnceThanThereAreSlots(t *testing.T) {
	running, most := make(chan struct{}, 10), 0
	h := &hasher{cost: Argon2{MemoryKiB: 64, Passes: 1, Threads: 1}, random: zeros{}, slots: make(chan struct{}, 2), onRun: func() {}}
	done := make(chan struct{})
	for range 10 {
		go func() {
			defer func() { done <- struct{}{} }()
			_, err := run(t.Context(), h, func() int {
				running <- struct{}{}
				n := len(running)
				<-running
				return n
			})
			assert.NoError(t, err)
		}()
	}
	for range 10 {
		<-done
		most = max(most, len(h.slots))
	}
	assert.LessOrEqual(t, most, 2)
	h.slots <- struct{}{}
	h.slots <- struct{}{}
	ctx, stop := contextStopped(t)
	stop()
	_, err := run(ctx, h, func() int { return 1 })
	assert.Error(t, err, "who waits too long is told so")
}

func FuzzParsePHC(f *testing.F) {
	for stored := range referenceHashes {
		f.Add(stored)
	}
	f.Add("$argon2id$v=19$m=64,t=1,p=1$AAAAAA$")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePHC(s)
		if err != nil {
			require.ErrorIs(t, err, ErrHashInvalid)
			return
		}
		require.Equal(t, s, p.String(), "what is taken is written back byte for byte")
		require.True(t, p.cost.valid())
	})
}

func FuzzCanonicalCode(f *testing.F) {
	f.Add("0123-4567-89AB-CDEF")
	f.Add("oil lio-----ﬁ")
	f.Fuzz(func(t *testing.T, s string) {
		code, ok := canonicalCode(s, backupCodeChars)
		if !ok {
			return
		}
		again, ok := canonicalCode(code, backupCodeChars)
		require.True(t, ok)
		require.Equal(t, code, again, "one code has one form")
		require.Len(t, code, backupCodeChars)
	})
}

func TestTheTwoLayoutsAreKeyByKey(t *testing.T) {
	assert.Len(t, englishToThai, 94, "47 keys, with and without Shift")
	assert.Len(t, thaiToEnglish, 94, "no sign stands on two keys")
	for english := range englishToThai {
		assert.Equal(t, string(english), toEnglishLayout(toThaiLayout(string(english))))
	}
	assert.Equal(t, "สวัสดี", toThaiLayout("l;ylfu"))
	assert.Equal(t, "ทำ", toThaiLayout("me"))
}

func TestTheListsHoldWordsAndNoRemarks(t *testing.T) {
	b := newBlocklist(nil)
	assert.Greater(t, len(b.words), 17_000)
	for word := range b.words {
		assert.Equal(t, word, skeleton(word))
		assert.False(t, strings.HasPrefix(word, "#the77"), "a remark")
	}
	provinces := 0
	for line := range strings.Lines(placeList) {
		if !strings.HasPrefix(line, "# ") {
			provinces++
		}
	}
	assert.Greater(t, provinces, 2*77)
}

func contextStopped(t *testing.T) (context.Context, func()) {
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	return ctx, stop
}
