// Package programtest runs the built programs in scripts (testscript): in the
// background, asked over HTTP by people with browsers, phones and backup codes. Tests
// only, of the folders of cmd.
//
//	var office = programtest.Program{Name: "chipproof-office", Env: "CHIPPROOF_OFFICE"}
//
//	func TestMain(m *testing.M) { office.Main(m, nil) }
//
//	func TestScripts(t *testing.T) { testscript.Run(t, office.Params("testdata/script")) }
//
// It works the program from outside, as people and pages do, and knows nothing of
// what is in it.
package programtest
