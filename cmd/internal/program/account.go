package program

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// accountID is the number of this account, on Windows its SID. Commands act in
// its name: whoever can write the data folder is an administrator, and entries
// say os:<uid> (agent-security §3, L5).
func accountID() (string, error) {
	if uid := os.Getuid(); uid >= 0 {
		return strconv.Itoa(uid), nil
	}
	u, err := user.Current()
	if err != nil {
		return "", fmt.Errorf("learn who runs this: %w", err)
	}
	return u.Uid, nil
}
