package main

import (
	"strings"

	"chipproof/cmd/internal/programtest"
	"github.com/rogpeppe/go-internal/testscript"
)

// tracelessCmd searches files for everything that was handed out to anybody, for
// what everybody types, and for the person on the default card.
func tracelessCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: traceless FILE...")
	}
	secrets := []string{programtest.PasswordInTests, "1101700230708", "สมชาย", "ใจดี", "Somchai"}
	for _, v := range programtest.BenchOf(ts).Visitors {
		secrets = append(secrets, v.Secrets...)
	}
	for _, name := range []string{"GRANT", "MALEES", "SEALED"} {
		if value := ts.Getenv(name); value != "" {
			secrets = append(secrets, value)
		}
	}
	if len(secrets) < 15 {
		ts.Fatalf("hardly anything was handed out: %d secrets", len(secrets))
	}
	for _, file := range args {
		content := ts.ReadFile(file)
		for _, secret := range secrets {
			if secret != "" && strings.Contains(content, secret) {
				ts.Fatalf("%s holds %q", file, secret)
			}
		}
	}
}
