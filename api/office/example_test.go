package office_test

import (
	"fmt"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/exposure/job"
)

// Everything that can go wrong in an office has a stable code, words in both
// languages, and what to do next, for HTTP and command line alike.
func Example() {
	row := office.Problems().Find(fmt.Errorf("open task: %w", job.ErrTaskExists))
	fmt.Println(row.Status, row.Code)
	fmt.Println(row.Title.In(api.English))
	fmt.Println(row.Remedy.In(api.English))
	// Output:
	// 409 task_exists
	// There is a task for this finding already
	// Open it from the page of tasks.
}
