/// Little-endian numbers at places in bytes; nil outside of them.
struct ZipFields {
    let bytes: ArraySlice<UInt8>

    /// - Parameter bytes: places are counted from their first one.
    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    func slice(_ place: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard place >= 0, count >= 0, place <= bytes.count, count <= bytes.count - place else { return nil }
        return bytes[(bytes.startIndex + place)..<(bytes.startIndex + place + count)]
    }

    private func number(_ place: Int, _ count: Int) -> UInt64? {
        slice(place, count)?.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }

    func short(_ place: Int) -> UInt16? { number(place, 2).map { UInt16($0) } }
    func word(_ place: Int) -> UInt32? { number(place, 4).map { UInt32($0) } }
    func long(_ place: Int) -> UInt64? { number(place, 8) }

    func has(_ signature: UInt32, at place: Int) -> Bool { word(place) == signature }
}

/// APPNOTE.TXT, section 4.3: how each record begins.
enum ZipSignature {
    static let local: UInt32 = 0x0403_4b50
    static let entry: UInt32 = 0x0201_4b50
    static let end: UInt32 = 0x0605_4b50
    static let end64: UInt32 = 0x0606_4b50
    static let locator64: UInt32 = 0x0706_4b50
}
