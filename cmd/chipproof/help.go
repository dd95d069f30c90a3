package main

import (
	"strings"

	"chipproof/api/counter"
	"chipproof/proofing"
	"chipproof/proofing/issuer"
	"chipproof/proofing/thaiid"
)

// helpVars are what the help texts in the tags of [cli] leave open.
func helpVars() map[string]string {
	return map[string]string{
		"config_paths":   strings.Join(configPaths(), ", "),
		"fields":         fieldList(thaiid.AllFields()),
		"text_fields":    strings.ReplaceAll(fieldList(thaiid.TextFields()), " ", ""),
		"default_person": defaultPerson,
		"test_origin":    testOrigin,
		"data_paths":     dataPathList(),
		"role_help":      roleHelp,
		"purposes":       strings.Join(counter.Purposes(proofing.DefaultPolicy()), ", "),
		"audit_public":   auditPublic,
		"audit_classes":  auditClasses(),
		"keep_classes":   keepClasses(),
		"test_issuer":    proofing.TestIssuer,
		"dopa_url":       issuer.DefaultURL,
		"dopa_deadline":  issuer.DefaultDeadline.String(),
		"compat_agents":  dropInList(),
	}
}

func fieldList(fields thaiid.Fields) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}
