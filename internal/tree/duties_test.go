package tree

import (
	"fmt"
	"go/ast"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// duties are the rows of assurance §1 that the office must meet: of the ministry's
// letter those about finding exposed data and ending it (A), and all that the law
// demands when some of it leaked (B). A row without a passing check is not done.
func duties() []string {
	rows := []string{"A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A14", "A19", "A20", "A21", "A22"}
	for n := range 29 {
		rows = append(rows, fmt.Sprintf("B%02d", n+1))
	}
	return rows
}

func TestEveryDutyHasATestThatIsNamedByIt(t *testing.T) {
	named := map[string][]string{}
	for _, f := range goFiles(t) {
		if !f.test {
			continue
		}
		for _, d := range f.ast.Decls {
			if function, ok := d.(*ast.FuncDecl); ok && function.Recv == nil && strings.HasPrefix(function.Name.Name, "Test") {
				for _, id := range duties() {
					if strings.Contains(function.Name.Name, id) {
						named[id] = append(named[id], f.path)
					}
				}
			}
		}
	}
	for _, id := range duties() {
		assert.NotEmpty(t, named[id], "no test is named by %s", id)
	}
}
