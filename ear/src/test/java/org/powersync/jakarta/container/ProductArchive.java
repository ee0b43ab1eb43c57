package org.powersync.jakarta.container;

import java.io.File;
import org.jboss.arquillian.container.test.api.Testable;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The EAR that Maven built, with one more web module that holds the tests. */
final class ProductArchive {
  private ProductArchive() {}

  static EnterpriseArchive with(Class<?>... tests) {
    WebArchive testModule =
        ShrinkWrap.create(WebArchive.class, "tests.war")
            .addClasses(tests)
            .addAsWebInfResource(
                new StringAsset(
                    "<beans xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"4.0\""
                        + " bean-discovery-mode=\"all\"/>"),
                "beans.xml");
    EnterpriseArchive ear =
        ShrinkWrap.create(ZipImporter.class, "powersync-itest.ear")
            .importFrom(new File(System.getProperty("powersync.ear")))
            .as(EnterpriseArchive.class);
    return ear.addAsModule(Testable.archiveToTest(testModule))
        .setApplicationXML(
            new StringAsset(
                """
                <application xmlns="https://jakarta.ee/xml/ns/jakartaee" version="10">
                  <application-name>powersync</application-name>
                  <module><ejb>powersync-ejb.jar</ejb></module>
                  <module>
                    <web>
                      <web-uri>powersync-web.war</web-uri>
                      <context-root>/</context-root>
                    </web>
                  </module>
                  <module>
                    <web>
                      <web-uri>tests.war</web-uri>
                      <context-root>/tests</context-root>
                    </web>
                  </module>
                  <library-directory>lib</library-directory>
                </application>
                """));
  }
}
