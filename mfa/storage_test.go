package mfa_test

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/mfa"
)

func TestSecretsSwappedBetweenRowsAreRefused(t *testing.T) {
	o := newOffice(t)
	malee, anan := o.enrolled("malee", mfa.RoleStaff), o.enrolled("anan", mfa.RoleStaff)
	o.sql(`CREATE TEMP TABLE swap AS SELECT id, secret FROM totp`)
	o.sql(`UPDATE totp SET secret = (SELECT secret FROM swap WHERE swap.id <> totp.id)`)
	for _, p := range []*person{malee, anan} {
		e := o.half(p)
		for _, code := range []mfa.Hidden{o.code(malee), o.code(anan)} {
			_, err := o.GiveTOTP(t.Context(), e.Token, code)
			assert.ErrorIs(t, err, mfa.ErrSealBroken)
		}
	}
}

func TestASealHoldsAtItsPlaceOnly(t *testing.T) {
	keys := newKeys(t)
	at := mfa.Place{Table: "totp", Column: "secret", Row: "1"}
	sealed, err := keys.Seal(rand.Reader, at, []byte("planted secret"))
	require.NoError(t, err)
	got, stale, err := keys.Open(at, sealed)
	require.NoError(t, err)
	assert.Equal(t, "planted secret", string(got))
	assert.False(t, stale)
	for name, other := range map[string]mfa.Place{
		"row": {Table: "totp", Column: "secret", Row: "2"}, "column": {Table: "totp", Column: "label", Row: "1"},
		"table": {Table: "sms", Column: "secret", Row: "1"}, "shifted border": {Table: "totps", Column: "ecret", Row: "1"},
	} {
		_, _, err := keys.Open(other, sealed)
		assert.ErrorIs(t, err, mfa.ErrSealBroken, name)
	}
	_, _, err = newKeys(t).Open(at, sealed)
	assert.ErrorIs(t, err, mfa.ErrKeyMissing, "another ring")
	again, err := keys.Seal(rand.Reader, at, []byte("planted secret"))
	require.NoError(t, err)
	assert.NotEqual(t, sealed, again, "no two seals are alike")
}

func TestAnyFlippedBitBreaksTheSeal(t *testing.T) {
	keys := newKeys(t)
	at := mfa.Place{Table: "totp", Column: "secret", Row: "1"}
	sealed, err := keys.Seal(rand.Reader, at, []byte("twenty bytes of that"))
	require.NoError(t, err)
	for bit := range 8 * len(sealed) {
		broken := bytes.Clone(sealed)
		broken[bit/8] ^= 1 << (bit % 8)
		_, _, err := keys.Open(at, broken)
		require.Error(t, err, "bit %d", bit)
	}
	for n := range sealed {
		_, _, err := keys.Open(at, sealed[:n])
		require.ErrorIs(t, err, mfa.ErrSealBroken, "cut to %d", n)
	}
	_, _, err = keys.Open(at, append(bytes.Clone(sealed), 0))
	require.ErrorIs(t, err, mfa.ErrSealBroken)
}

func FuzzOpenNeverTakesWhatWasNotSealed(f *testing.F) {
	keys := newKeys(f)
	at := mfa.Place{Table: "totp", Column: "secret", Row: "1"}
	sealed, err := keys.Seal(rand.Reader, at, []byte("secret"))
	require.NoError(f, err)
	f.Add(sealed)
	f.Add([]byte{1, 255})
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, _, err := keys.Open(at, b); err == nil && !bytes.Equal(b, sealed) {
			t.Fatal("opened what was never sealed")
		}
	})
}

func TestAnOldKeyOpensAndItsSecretIsSealedAnewAtTheNextUse(t *testing.T) {
	o := newOffice(t)
	malee, anan := o.enrolled("malee", mfa.RoleStaff), o.enrolled("anan", mfa.RoleStaff)
	old := o.config.Keys.Current()
	o.rotate()
	current := o.config.Keys.Current()
	require.NotEqual(t, old, current)
	o.login(malee)
	assert.Equal(t, map[string]int{old: 1, current: 1}, o.sealedUnder(), "the one that was used")
	n, err := o.Reseal(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	assert.Equal(t, 1, n, "the rest by a command")
	assert.Equal(t, map[string]int{current: 2}, o.sealedUnder())
	o.login(anan)

	without, err := o.config.Keys.Without(old)
	require.NoError(t, err)
	require.NoError(t, o.UseKeys(t.Context(), without, o.config.Pepper), "then the old key may go")
	o.login(malee)
}

func TestAnOldPepperIsReplacedAtTheNextLogin(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	old := o.config.Pepper
	o.rotate()
	for _, lacking := range []*mfa.Keyring{o.config.Pepper} {
		without, err := lacking.Without(old.Current())
		require.NoError(t, err)
		require.ErrorIs(t, o.UseKeys(t.Context(), o.config.Keys, without), mfa.ErrKeyMissing, "while a password needs it")
	}
	before := o.hashes.Load()
	o.login(p)
	assert.EqualValues(t, 2, o.hashes.Load()-before, "checked under the old, hashed under the new")
	assert.Len(t, o.events(mfa.EventPasswordRehashed), 1)
	without, err := o.config.Pepper.Without(old.Current())
	require.NoError(t, err)
	require.NoError(t, o.UseKeys(t.Context(), o.config.Keys, without))
	before = o.hashes.Load()
	o.login(p)
	assert.EqualValues(t, 1, o.hashes.Load()-before)
}

func TestOldParametersAreReplacedAtTheNextLogin(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	dearer := mustService(t, o, func(c *mfa.Config) { c.Argon2 = mfa.Argon2{MemoryKiB: 128, Passes: 2, Threads: 1} })
	_, err := dearer.Login(t.Context(), mfa.Login{UserName: "malee", Password: mfa.Hide("ไม่ใช่รหัสนี้แน่นอน")})
	require.ErrorIs(t, err, mfa.ErrLoginFailed)
	assert.Contains(t, o.phc(), "$m=64,t=1,p=1$", "a wrong password changes nothing")
	_, err = dearer.Login(t.Context(), mfa.Login{UserName: "malee", Password: mfa.Hide(p.password)})
	require.NoError(t, err)
	assert.Contains(t, o.phc(), "$argon2id$v=19$m=128,t=2,p=1$")
	o.half(p)
}

func TestAWrongKeyStopsTheStart(t *testing.T) {
	o := newOffice(t)
	require.NoError(t, o.CheckKeys(t.Context()))
	require.ErrorIs(t, o.InitKeys(t.Context()), mfa.ErrKeyWrong, "keys are initialised once")

	start := func(keys, pepper *mfa.Keyring) error {
		return mustService(t, o, func(c *mfa.Config) { c.Keys, c.Pepper = keys, pepper }).CheckKeys(t.Context())
	}
	require.NoError(t, start(o.config.Keys, o.config.Pepper))
	assert.ErrorIs(t, start(newKeys(t), o.config.Pepper), mfa.ErrKeyWrong, "an empty office already has its keys")
	assert.ErrorIs(t, start(o.config.Keys, newKeys(t)), mfa.ErrKeyWrong)
	assert.ErrorIs(t, start(o.config.Pepper, o.config.Keys), mfa.ErrKeyWrong, "the two files swapped")
	assert.ErrorIs(t, start(sameName(t, o.config.Keys), o.config.Pepper), mfa.ErrKeyWrong, "another key under the same id")

	o.enrolled("malee", mfa.RoleStaff)
	assert.ErrorIs(t, start(newKeys(t), o.config.Pepper), mfa.ErrKeyMissing)
	err := start(o.config.Keys, newKeys(t))
	assert.ErrorIs(t, err, mfa.ErrKeyMissing)
	assert.ErrorContains(t, err, o.config.Pepper.Current(), "the message names the key that is missing")
}

// sameName is a ring with the same id and another key.
func sameName(t *testing.T, k *mfa.Keyring) *mfa.Keyring {
	t.Helper()
	mine, other := string(k.Reveal()), newKeys(t)
	text := bytes.ReplaceAll(other.Reveal(), []byte(other.Current()), []byte(k.Current()))
	require.NotEqual(t, mine, string(text))
	ring, err := mfa.ParseKeyring(text)
	require.NoError(t, err)
	return ring
}

func TestKeysAreListedWithWhatNeedsThem(t *testing.T) {
	o := newOffice(t)
	o.enrolled("malee", mfa.RoleStaff)
	old := map[string]string{"secrets": o.config.Keys.Current(), "pepper": o.config.Pepper.Current()}
	o.rotate()
	list, err := o.Keys(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 4)
	for _, k := range list {
		want := mfa.KeyInfo{Ring: k.Ring, ID: k.ID, Held: true, Current: k.ID != old[k.Ring]}
		if !want.Current {
			want.Uses = 1
		}
		assert.Equal(t, want, k)
	}
}

func TestAKeyringComesBackFromItsFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, err := mfa.NewKeyring(rand.Reader)
		for n := rapid.IntRange(0, 5).Draw(t, "rotations"); err == nil && n > 0; n-- {
			k, err = k.Rotated(rand.Reader)
		}
		if err != nil {
			t.Fatal(err)
		}
		again, err := mfa.ParseKeyring(k.Reveal())
		if err != nil || again.Current() != k.Current() || !bytes.Equal(again.Reveal(), k.Reveal()) {
			t.Fatalf("came back as %v: %v", again, err)
		}
	})
}

func FuzzParseKeyring(f *testing.F) {
	f.Add(newKeys(f).Reveal())
	f.Add([]byte("k00000000 AAAA"))
	f.Add([]byte("# nothing\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		k, err := mfa.ParseKeyring(file)
		if err != nil {
			require.ErrorIs(t, err, mfa.ErrKeyInvalid)
			return
		}
		again, err := mfa.ParseKeyring(k.Reveal())
		require.NoError(t, err)
		require.Equal(t, k.IDs(), again.IDs())
	})
}

func TestAKeyringFileIsTakenWholeOrNotAtAll(t *testing.T) {
	good := string(newKeys(t).Reveal())
	line := good[len(good)-55:]
	for name, file := range map[string]string{
		"empty": "", "only the title": "# title\n", "twice the same": good + line, "cut": good[:len(good)-5],
		"blank line": good + "\n" + line, "other alphabet": good[:len(good)-6] + "__-=\n", "no id": " " + line[10:], "long id": "k0" + line[1:],
	} {
		_, err := mfa.ParseKeyring([]byte(file))
		assert.ErrorIs(t, err, mfa.ErrKeyInvalid, name)
	}
	_, err := newKeys(t).Without("k00000000")
	assert.ErrorIs(t, err, mfa.ErrKeyMissing)
	k := newKeys(t)
	_, err = k.Without(k.Current())
	assert.ErrorIs(t, err, mfa.ErrKeyInvalid)
}

// rotate gives both rings a new current key and goes on with them.
func (o *office) rotate() {
	o.Helper()
	var err error
	o.config.Keys, err = o.config.Keys.Rotated(rand.Reader)
	require.NoError(o, err)
	o.config.Pepper, err = o.config.Pepper.Rotated(rand.Reader)
	require.NoError(o, err)
	require.NoError(o, o.UseKeys(o.Context(), o.config.Keys, o.config.Pepper))
}

// forgetKeys goes on under a new key and drops the one that sessions rest on.
func (o *office) forgetKeys() {
	o.Helper()
	old := o.config.Keys.Current()
	o.rotate()
	_, err := o.Reseal(o.Context(), mfa.ByOS("0"))
	require.NoError(o, err)
	without, err := o.config.Keys.Without(old)
	require.NoError(o, err)
	require.NoError(o, o.UseKeys(o.Context(), without, o.config.Pepper))
}

func (o *office) sealedUnder() map[string]int {
	o.Helper()
	found := map[string]int{}
	require.NoError(o, o.store.View(o.Context(), func(tx mfa.Tx) error {
		list, err := tx.AllTOTPs(o.Context())
		for _, k := range list {
			id, err := mfa.SealedKey(k.Secret)
			require.NoError(o, err)
			found[id]++
		}
		return err
	}))
	return found
}

// phc is the only stored password.
func (o *office) phc() (stored string) {
	o.Helper()
	require.NoError(o, o.store.Read(o.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(o.Context(), `SELECT phc FROM password`).Scan(&stored)
	}))
	return stored
}

func TestKeysHideThemselves(t *testing.T) {
	k := newKeys(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		assert.Equal(t, "keyring "+k.Current(), fmt.Sprintf(verb, k))
	}
}
