package counter

import "github.com/go-json-experiment/json"

// kids names the keys of a stored set for an entry.
func kids(set []byte) []string {
	var keys struct {
		Keys []struct {
			KID string `json:"kid"`
		} `json:"keys"`
	}
	if json.Unmarshal(set, &keys) != nil {
		return []string{"unreadable"}
	}
	names := make([]string, len(keys.Keys))
	for i, k := range keys.Keys {
		names[i] = k.KID
	}
	return names
}
