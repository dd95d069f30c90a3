package main

import (
	"strings"

	"chipproof/api/counter"
	"chipproof/proofing"
	"chipproof/proofing/issuer"
	"chipproof/proofing/thaiid"
)

// helpVars are what the help texts in the tags of [cli] leave open, and what the
// shared ones say in this program's words.
func helpVars() map[string]string {
	return map[string]string{
		"services":       "serve and sim",
		"find_entries":   "chipproof audit list --citizen",
		"backup_keys":    "all keys but the one for proofs",
		"restore_keys":   restoreKeys,
		"fields":         fieldList(thaiid.AllFields()),
		"text_fields":    strings.ReplaceAll(fieldList(thaiid.TextFields()), " ", ""),
		"default_person": defaultPerson,
		"test_origin":    testOrigin,
		"purposes":       strings.Join(counter.Purposes(proofing.DefaultPolicy()), ", "),
		"test_issuer":    proofing.TestIssuer,
		"dopa_url":       issuer.DefaultURL,
		"dopa_deadline":  issuer.DefaultDeadline.String(),
		"compat_agents":  dropInList(),
	}
}

const restoreKeys = `

A backup holds no key for proofs. Those of this machine stay; where there are none, new ones are made: hand 'chipproof keys export' to the relying parties.`

func fieldList(fields thaiid.Fields) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}
