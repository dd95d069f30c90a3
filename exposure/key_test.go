package exposure_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/detect"
)

func TestAKeyGoesIntoItsFileAndBackAndHidesElsewhere(t *testing.T) {
	k, err := exposure.NewKey(rand.Reader)
	require.NoError(t, err)
	again, err := exposure.ParseKey(k.Text())
	require.NoError(t, err)
	v := detect.NewValue("1101700230708")
	assert.Equal(t, k.Fingerprint(detect.CitizenID, v), again.Fingerprint(detect.CitizenID, v))
	for _, shown := range []string{fmt.Sprint(k), fmt.Sprintf("%#v %+v %x %q", k, k, k, k), fmt.Sprintf("%v", struct{ k exposure.Key }{k})} {
		assert.NotContains(t, shown, k.Reveal())
		assert.NotContains(t, shown, k.Text())
	}
	for _, broken := range []string{"", "x", k.Text() + "A", k.Text()[1:], k.Text() + "\n"} {
		_, err := exposure.ParseKey(broken)
		assert.ErrorIs(t, err, exposure.ErrKeyInvalid)
	}
	_, err = exposure.NewKey(bytes.NewReader(nil))
	assert.Error(t, err)
	_, err = exposure.NewScanner(exposure.Options{Now: clock})
	assert.ErrorIs(t, err, exposure.ErrKeyInvalid)
	_, err = exposure.NewScanner(exposure.Options{Key: k})
	assert.ErrorContains(t, err, "lack a clock", "refused here, not at the first finding")
}

func TestAFingerprintIsNoBareHash(t *testing.T) {
	a, err := exposure.NewKey(rand.Reader)
	require.NoError(t, err)
	v := detect.NewValue("1101700230708")
	assert.NotEqual(t, a.Fingerprint(detect.CitizenID, v), a.Fingerprint(detect.Phone, v))
	assert.Len(t, a.Fingerprint(detect.CitizenID, v), 22)
}
