package counter

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	web "chipproof/api/console"
	"chipproof/doctor"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// readFile is a static file or template of the counter.
func readFile(t *testing.T, files fs.FS, name string) string {
	t.Helper()
	content, err := fs.ReadFile(files, name)
	require.NoError(t, err)
	return string(content)
}

func TestEveryCodeHasItsPicture(t *testing.T) {
	static := Pages(&Counter{policy: policy(t)}).Static
	rows := map[string]string{}
	for _, m := range regexp.MustCompile(`([a-z_]+): '([a-z]+)'`).FindAllStringSubmatch(readFile(t, static, "failures.js"), -1) {
		rows[m[1]] = m[2]
	}
	// These say that a page of ours, or another one, is broken: no picture of a
	// counter fits, and the warning sign stands for them.
	developers := []string{
		"request_malformed", "host_refused", "not_found", "method_refused", "request_context_refused", "media_type_refused", "body_too_large", "body_invalid",
		"internal_error", "seal_broken", "hash_invalid", "session_unknown", "authenticator_unknown", "authenticator_last", "authenticator_limit",
		"user_unknown", "user_exists", "user_disabled", "user_name_invalid", "role_invalid", "reset_invalid", "account_own", "admin_last",
	}
	for _, code := range Problems().Codes() {
		assert.True(t, rows[code] != "" || slices.Contains(developers, code), "%s has no picture", code)
	}
	for code, picture := range rows {
		if picture != "warning" {
			_, err := fs.Stat(static, "pic-"+picture+".svg")
			assert.NoError(t, err, code)
		}
	}
}

func TestEveryWordOfTheCounterHasAText(t *testing.T) {
	known := map[string]bool{}
	for _, m := range messages() {
		assert.NotEmpty(t, m.TH, m.Key)
		assert.NotEmpty(t, m.EN, m.Key)
		known[m.Key] = true
	}
	for _, m := range web.Common().Messages {
		known[m.Key] = true
	}
	var words []string
	for _, f := range thaiid.AllFields() {
		words = append(words, "field."+string(f))
	}
	for _, k := range proofing.Kinds() {
		words = append(words, "fact."+string(k))
	}
	for _, k := range proofing.StatedByClerk() {
		words = append(words, "ask."+string(k), "ask."+string(k)+"_hint")
	}
	for _, d := range []proofing.Decision{proofing.Accepted, proofing.Rejected, proofing.Inconclusive} {
		words = append(words, "decision."+string(d))
	}
	for _, o := range []proofing.Outcome{proofing.NotDone, proofing.Passed, proofing.Failed, proofing.Indeterminate} {
		words = append(words, "outcome."+string(o))
	}
	for _, c := range proof.ClaimedNames() {
		words = append(words, "claim."+c)
	}
	words = append(words, "reason."+proofing.FaceAndLaserOnly)
	for _, s := range []doctor.State{doctor.OK, doctor.Warning, doctor.Failed, doctor.Unknown} {
		words = append(words, "check."+string(s), "doctor."+string(s))
	}
	for _, id := range []string{doctor.IDService, doctor.IDReader, doctor.IDDriver, doctor.IDCard, doctor.IDClock, doctor.IDIPv6, doctor.IDTerminal, doctor.IDCompat} {
		words = append(words, "doctorid."+id)
	}
	pages := Pages(&Counter{policy: policy(t)})
	require.NoError(t, fs.WalkDir(pages.Static, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".js") {
			for _, m := range regexp.MustCompile(`\bt\('([a-z_]+\.[a-z_0-9-]+)'`).FindAllStringSubmatch(readFile(t, pages.Static, name), -1) {
				words = append(words, m[1])
			}
		}
		return err
	}))
	for _, w := range words {
		assert.True(t, known[w], w)
	}
}

func TestTheCountersPagesFitTogetherWithTheCommonOnes(t *testing.T) {
	d := newDesk(t)
	_, err := web.New(web.Options{Mode: api.Production, Parts: []web.Part{web.Common(), Pages(d.counter)}})
	require.NoError(t, err)
	targets, err := d.counter.returnOrigins(t.Context())
	require.NoError(t, err)
	assert.Empty(t, targets, "no return URL is registered")
}
