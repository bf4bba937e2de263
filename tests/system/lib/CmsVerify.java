/* Verifies CMS signatures with Bouncy Castle: CmsVerify ISSUER.pem CMS[=CONTENT]...; one line "ok" or "not ok" for each. */
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.asn1.ASN1Encoding;

public class CmsVerify {
	static void require(boolean holds, String what) throws Exception {
		if (!holds)
			throw new Exception(what);
	}

	static byte[] read(String path) throws Exception {
		return Files.readAllBytes(Paths.get(path));
	}

	static void checkSigningCertificate(SignerInformation signer, byte[] der) throws Exception {
		Attribute a = signer.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
		ESSCertIDv2 id = SigningCertificateV2.getInstance(a.getAttrValues().getObjectAt(0)).getCerts()[0];
		String digest = id.getHashAlgorithm().getAlgorithm().getId();

		require(Arrays.equals(MessageDigest.getInstance(digest, "BC").digest(der), id.getCertHash()),
			"signing-certificate-v2");
	}

	static void verify(String argument, X509Certificate issuer) throws Exception {
		String[] part = argument.split("=", 2);
		byte[] der = read(part[0]);
		CMSSignedData cms = part.length == 1 ? new CMSSignedData(der)
			: new CMSSignedData(new CMSProcessableByteArray(read(part[1])), der);
		Collection<SignerInformation> signers = cms.getSignerInfos().getSigners();
		require(signers.size() == 1, "signers");
		SignerInformation signer = signers.iterator().next();
		Collection<X509CertificateHolder> found = cms.getCertificates().getMatches(signer.getSID());
		require(found.size() == 1, "certificates");
		X509Certificate certificate = new JcaX509CertificateConverter().setProvider("BC")
			.getCertificate(found.iterator().next());

		require(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate)),
			"signature");
		certificate.verify(issuer.getPublicKey(), "BC");
		checkSigningCertificate(signer, certificate.getEncoded());
		require(Arrays.equals(cms.toASN1Structure().getEncoded(ASN1Encoding.DER), der), "DER");
	}

	public static void main(String[] args) throws Exception {
		Security.addProvider(new BouncyCastleProvider());
		X509Certificate issuer = (X509Certificate)CertificateFactory.getInstance("X.509")
			.generateCertificate(new FileInputStream(args[0]));

		for (int i = 1; i < args.length; i++) {
			try {
				verify(args[i], issuer);
				System.out.println("ok " + args[i]);
			} catch (Exception e) {
				System.out.println("not ok " + args[i] + ": " + e);
			}
		}
	}
}
