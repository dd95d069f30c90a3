package pcsctest

import (
	"fmt"
	"net"
	"strconv"
)

// firstPort is vpcd's own first port, 0x8C7B. Every reader has two slots and a
// port for each.
const firstPort = 35963

// friendlyName is a double reader's name. The first has vpcd's own; pcscd
// numbers readers of one library only, and each of these has its own.
func friendlyName(pair int) string {
	if pair == 0 {
		return "Virtual PCD"
	}
	return fmt.Sprintf("Virtual PCD %c", 'A'+pair)
}

// slotsOf are the slots of so many double readers, named as pcscd names them.
func slotsOf(pairs int) []Slot {
	var slots []Slot
	for i := range 2 * pairs {
		slots = append(slots, Slot{
			Reader: fmt.Sprintf("%s 00 %02X", friendlyName(i/2), i%2),
			Addr:   net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+i)),
		})
	}
	return slots
}
