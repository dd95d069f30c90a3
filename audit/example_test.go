package audit_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"chipproof/audit"
)

// Whoever has an export of a log, its public key and the day-end sheet from the
// file cabinet finds out whether the log is still what it was that day.
func ExampleVerify() {
	file, err := os.Open("testdata/example/export.ndjson")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	key, err := os.ReadFile("testdata/example/audit.pub")
	if err != nil {
		fmt.Println(err)
		return
	}
	keys, err := audit.ParseKeys(key)
	if err != nil {
		fmt.Println(err)
		return
	}
	log, err := audit.ReadExport(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	typed := strings.Join([]string{
		"dobok", "kudut", "fojum", "sifab", "jeheh",
		"hiboj", "jehis", "fuhot", "tokim", "pabeh",
		"mehaw", "pudab", "taduk", "nijus", "hojeb",
		"likiw", "sahaw", "wehaj", "pahub", "mehib",
	}, " ")
	result, err := audit.Verify(context.Background(), log, audit.VerifyOptions{
		Keys:      keys,
		Witnesses: []audit.Witness{{Source: "sheet of 25 November", Text: typed}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.OK, result.Entries, result.Witnesses[0].Verdict)
	// Output: true 4 held
}
