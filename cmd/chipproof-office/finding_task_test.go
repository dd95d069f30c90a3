package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/job"
)

func TestATaskIsDueAtTheEndOfADayInThailandOrSoManyDaysFromNow(t *testing.T) {
	now := time.Date(2026, 11, 25, 20, 0, 0, 0, time.UTC) // the 26th in Thailand
	for text, want := range map[string]string{
		"2026-11-26": "2026-11-26T16:59:59Z",
		"1":          "2026-11-26T20:00:00Z",
		"30":         "2026-12-25T20:00:00Z",
	} {
		due, err := dueOf(text, now)
		require.NoError(t, err, text)
		assert.Equal(t, want, due.UTC().Format(time.RFC3339), text)
	}
	for _, text := range []string{"", "0", "-1", "4000", "soon", "2569-11-26", "26/11/2026"} {
		_, err := dueOf(text, now)
		assert.ErrorIs(t, err, errDue, text)
	}
}

func TestAFurtherAddressIsACachedCopyOrWhatItsWordSays(t *testing.T) {
	c := findingTaskCmd{Also: []string{"https://cache.example/x=1", "sitemap_entry=https://a.example/s.xml", "attachment=https://a.example/f.pdf"}}
	assert.Equal(t, []job.Also{
		{Kind: exposure.CachedCopy, Address: "https://cache.example/x=1"},
		{Kind: exposure.SitemapOf, Address: "https://a.example/s.xml"},
		{Kind: exposure.Attachment, Address: "https://a.example/f.pdf"},
	}, c.also())
}
