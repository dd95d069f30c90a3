package crawl_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure/crawl"
)

func TestCredentialsAreHeaderLines(t *testing.T) {
	h, err := crawl.ParseCredentials([]byte("# of the owner\nAuthorization: Bearer a:b\n\nx-api-key:  k \nX-Api-Key: l\r\n"))
	require.NoError(t, err)
	assert.Equal(t, http.Header{"Authorization": {"Bearer a:b"}, "X-Api-Key": {"k", "l"}}, h)
	for _, bad := range []string{"", "# nothing\n", "Authorization\n", "Authorization:\n", "no name: x\n", "Bad: \x00\n", "X: " + strings.Repeat("a", 20_000)} {
		_, err := crawl.ParseCredentials([]byte(bad))
		assert.ErrorIs(t, err, crawl.ErrCredentialsInvalid)
	}
	_, err = crawl.ParseCredentials([]byte("A: b\nhush-hush\n"))
	assert.ErrorContains(t, err, "line 2")
	assert.NotContains(t, err.Error(), "hush")
}
