import JSON

/// Every list of properties of the document, at any depth.
func propertyLists(in value: JSON) -> [[(name: String, value: String?)]] {
    switch value {
    case .array(let elements): elements.flatMap(propertyLists)
    case .object(let object):
        object.members.flatMap { member in
            member.key == "properties"
                ? [(member.value.arrayValue ?? []).map { ($0["name"]?.stringValue ?? "", $0["value"]?.stringValue) }]
                : propertyLists(in: member.value)
        }
    default: []
    }
}

func properties(in value: JSON) -> [(name: String, value: String?)] { propertyLists(in: value).flatMap { $0 } }
