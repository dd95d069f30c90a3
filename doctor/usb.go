package doctor

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
)

// usbReader is a card reader as the USB bus sees it.
type usbReader struct {
	vendor, product string // four hex digits each
	maker, model    string // what the device says of itself; may be empty
}

// name is fit to be shown.
func (u usbReader) name() string {
	ids := u.vendor + ":" + u.product
	if words := shown(strings.TrimSpace(u.maker + " " + u.model)); words != "" {
		return words + " (USB " + ids + ")"
	}
	return "USB " + ids
}

// usbReaders finds the card readers under /sys/bus/usb/devices; seen is false
// where that folder can't be read. A device's folder ("1-2") has idVendor, those
// of its interfaces ("1-2:1.0") bInterfaceClass.
func usbReaders(sysfs fs.FS) (readers []usbReader, seen bool) {
	if sysfs == nil {
		return nil, false
	}
	entries, err := fs.ReadDir(sysfs, ".")
	if err != nil {
		return nil, false
	}
	classes := map[string][]string{} // by device
	for _, e := range entries {
		if device, _, isInterface := strings.Cut(e.Name(), ":"); isInterface {
			classes[device] = append(classes[device], attribute(sysfs, e.Name(), "bInterfaceClass"))
		}
	}
	for device, interfaces := range classes {
		r := usbReader{
			vendor:  attribute(sysfs, device, "idVendor"),
			product: attribute(sysfs, device, "idProduct"),
			maker:   attribute(sysfs, device, "manufacturer"),
			model:   attribute(sysfs, device, "product"),
		}
		if r.isReader(interfaces) {
			readers = append(readers, r)
		}
	}
	slices.SortFunc(readers, func(a, b usbReader) int { return cmp.Compare(a.name(), b.name()) })
	return readers, true
}

const (
	classSmartCard = "0b" // USB-IF base class 0Bh, smart card (CCID)
	classVendor    = "ff" // USB-IF base class FFh, vendor specific
)

// isReader goes by the class; a vendor-specific interface counts when the maker
// is known for readers older than, or apart from, the CCID class. The same
// makers sell security keys, which are class 03 and no readers.
func (u usbReader) isReader(interfaces []string) bool {
	if slices.Contains(interfaces, classSmartCard) {
		return true
	}
	return slices.Contains(interfaces, classVendor) &&
		(slices.Contains(readerMakers, u.vendor) || slices.Contains(readerModels, u.vendor+":"+u.product))
}

// readerMakers sell card readers and nothing that could be taken for one. The
// numbers are those of libccid 1.5.2's list of supported readers.
var readerMakers = []string{
	"04e6", // SCM Microsystems, Identive
	"072f", // Advanced Card Systems (ACR38, ACR39)
	"076b", // HID Global OMNIKEY
	"08e6", // Gemalto
	"096e", // Feitian
	"0c4b", // Reiner SCT
	"0ca6", // Castles Technology (EZ100PU)
	"0d46", // Kobil
	"0dc3", // Athena
	"1a44", // Vasco
	"25dd", // Bit4id
}

// readerModels are readers of makers that sell much else besides.
var readerModels = []string{
	"058f:9520", // Alcor Micro AU9520, in very many cheap readers
	"058f:9522",
	"058f:9540",
}

// attribute reads one file of a device's folder, at most 256 bytes of it; what
// isn't there is empty.
func attribute(sysfs fs.FS, device, name string) string {
	data, err := fs.ReadFile(sysfs, device+"/"+name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data[:min(len(data), 256)]))
}
