package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

func docsPage(t *testing.T, language, name string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", language, name))
	require.NoError(t, err)
	return string(page)
}

// The table of refusals is what a web developer has: each code of a proofing is in
// it with the status that the program answers, and no other code.
func TestTheManualOfProofsTellsEveryCodeOfAProofing(t *testing.T) {
	status := map[string]int{}
	for _, row := range kind().ServedProblems() {
		status[row.Code] = row.Status
	}
	ofProofings := []string{
		"request_refused", "request_expired", "clock_wrong", "request_reused", "body_invalid", "purpose_unknown", "purpose_refused",
		"field_refused", "mfa_required", "origin_refused", "reader_busy", "read_already", "card_absent", "card_removed", "card_changed",
		"approval_declined", "approval_timeout", "simulator_refused", "issuer_not_set", "key_unavailable", "audit_unavailable",
		"result_unknown", "result_gone", "fact_early", "second_person_required",
	}
	row := regexp.MustCompile("(?m)^\\| ((?:`[a-z_]+`,? ?)+)\\| ([0-9]{3}(?:, [0-9]{3})*) \\|")
	inText := regexp.MustCompile("`([a-z_]+)` \\(([0-9]{3})")
	for _, language := range []string{"en", "th"} {
		sections := strings.Split(docsPage(t, language, "proofs.md"), "\n## ")
		refusals := sections[len(sections)-1]
		told := map[string]bool{}
		tell := func(codes, statuses string) {
			for code := range strings.FieldsFuncSeq(codes, func(r rune) bool { return strings.ContainsRune("`, ", r) }) {
				told[code] = true
				require.Contains(t, status, code, "%s: nothing is called %s", language, code)
				assert.Contains(t, statuses, strconv.Itoa(status[code]), "%s: %s", language, code)
			}
		}
		for _, found := range row.FindAllStringSubmatch(refusals, -1) {
			tell(found[1], found[2])
		}
		for _, found := range inText.FindAllStringSubmatch(refusals, -1) {
			tell(found[1], found[2])
		}
		for _, code := range ofProofings {
			assert.True(t, told[code], "%s: the page says nothing of %s", language, code)
		}
		assert.Len(t, told, len(ofProofings), language)
	}
}

func TestThePolicyOfTheManualOfTheIssuerNeedsTheIssuer(t *testing.T) {
	for _, language := range []string{"en", "th"} {
		_, block, found := strings.Cut(docsPage(t, language, "dopa.md"), "```yaml\nversion:")
		require.True(t, found)
		block, _, found = strings.Cut("version:"+block, "```")
		require.True(t, found)
		policy, err := proofing.ParsePolicy([]byte(block))
		require.NoError(t, err)
		purpose, found := policy.Purpose(proofing.IdentityProofing)
		require.True(t, found)
		assert.Contains(t, purpose.Needed(nil), proofing.IssuerStatus)
	}
}
