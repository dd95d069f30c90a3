package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestBreachScripts runs every script of testdata/breach against the built
// program. Commands besides those of [programtest.Program.Params]: moment, post,
// mails, mail, sql.
func TestBreachScripts(t *testing.T) {
	params := tested.Params("testdata/breach")
	setUp := params.Setup
	params.Setup = func(env *testscript.Env) error {
		postSetup(env)
		return setUp(env)
	}
	params.Cmds["moment"], params.Cmds["post"], params.Cmds["mails"], params.Cmds["mail"] = momentCmd, postCmd, mailsCmd, mailCmd
	params.Cmds["sql"] = sqlCmd
	testscript.Run(t, params)
}
