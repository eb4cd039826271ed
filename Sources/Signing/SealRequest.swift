internal import Keys

/// All that is to be signed about one job.
package struct SealRequest: Sendable {
    /// The exact bytes of `aibom.json`; nil for a job that never ran.
    package var bill: [UInt8]?
    /// Payloads of in-toto statements, compactly rendered; without an AIBoM the failure record alone.
    package var statements: [[UInt8]]
    /// The payload of `model.sig`; nil when there is none.
    package var model: [UInt8]?

    package init(bill: [UInt8]?, statements: [[UInt8]] = [], model: [UInt8]? = nil) {
        self.bill = bill
        self.statements = statements
        self.model = model
    }
}

/// The signatures, each in the place of what it is for; of statements and of the model over their DSSE pre-authentication encoding.
package struct SealSignatures: Sendable, Equatable {
    package let bill: [UInt8]?
    package let statements: [[UInt8]]
    package let model: [UInt8]?
}

extension SignerClient {
    /// Has everything about one job signed, in one conversation: all of it or nothing. Blocks the calling thread: milliseconds for
    /// documents of the usual size.
    ///
    /// - Parameter request: each document at most 8 MiB.
    /// - Throws: `signerRefused` with the first thing that does not fit, `signerEnded` when the signer died over it.
    /// - Returns: signatures, each verified against `publicKey`.
    package func seal(_ request: SealRequest) throws(SigningError) -> SealSignatures {
        try converse { signer throws(SigningError) in
            guard let bill = request.bill else { return try sealUnbilled(request, signer) }
            let signature = try signer.ask(.signBill, bill, over: bill, publicKey)
            let statements: [[UInt8]]
            let model: [UInt8]?
            do throws(SigningError) {
                statements = try sign(request.statements, by: .signStatement, signer)
                model = try sign([request.model].compactMap { $0 }, by: .signModel, signer).first
            } catch {
                // What was refused does not keep the next job waiting.
                if case .signerRefused = error { _ = try signer.ask(.endJob, []) }
                throw error
            }
            _ = try signer.ask(.endJob, [])
            return SealSignatures(bill: signature, statements: statements, model: model)
        }
    }

    private func sealUnbilled(
        _ request: SealRequest, _ signer: borrowing Signer
    ) throws(SigningError) -> SealSignatures {
        guard request.model == nil, request.statements.count == 1 else {
            throw .signerRefused("a job without an aibom has one statement, of its failure")
        }
        return SealSignatures(bill: nil, statements: try sign(request.statements, by: .signFailure, signer), model: nil)
    }

    private func sign(
        _ payloads: [[UInt8]], by verb: Verb, _ signer: borrowing Signer
    ) throws(SigningError) -> [[UInt8]] {
        var signatures: [[UInt8]] = []
        for payload in payloads {
            let message = PreAuthentication.encoding(of: payload)
            signatures.append(try signer.ask(verb, payload, over: message, publicKey))
        }
        return signatures
    }
}
