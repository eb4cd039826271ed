/// A JSON value (placeholder for the codec).
package enum JSON: Sendable, Equatable { case null }
