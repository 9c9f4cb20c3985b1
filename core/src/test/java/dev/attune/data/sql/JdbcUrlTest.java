package dev.attune.data.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every vendor's way to write a password into a URL is seen, and none gets out again. */
class JdbcUrlTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            jdbc:postgresql://host:5432/shop?user=jane&password=s3cr3t&ssl=true | jdbc:postgresql://host:5432/shop
            jdbc:postgresql://host/shop?user=jane@corp&pass%77ord=s3cr3t        | jdbc:postgresql://host/shop
            jdbc:postgresql://host/shop?sslpassword=s3cr3t                      | jdbc:postgresql://host/shop
            jdbc:postgresql://jane:s3cr3t@host/shop                             | jdbc:postgresql://host/shop
            jdbc:postgresql:shop?password=s3cr3t                                | jdbc:postgresql:shop
            jdbc:mysql://jane:s3cr3t@host:3306/shop                             | jdbc:mysql://host:3306/shop
            jdbc:mysql://jane:s3cr3t/@host:3306/shop                            | jdbc:mysql://host:3306/shop
            jdbc:mysql://jane:s3cr3t?x@host:3306/shop                           | jdbc:mysql://host:3306/shop
            jdbc:mysql://jane:s3cr3t;x@host:3306/shop                           | jdbc:mysql://host:3306/shop
            jdbc:mysql://(host=h,port=3306,user=jane,password=s3cr3t)/shop      | jdbc:mysql://
            jdbc:mysql://address=(host=h)(user=jane)(password=s3cr3t)/shop      | jdbc:mysql://…
            jdbc:mysql+srv://jane:s3cr3t@host/shop                              | jdbc:mysql+srv://host/shop
            jdbc:mariadb://host/shop?user=jane&PASSWORD=s3cr3t                  | jdbc:mariadb://host/shop
            jdbc:oracle:thin:scott/s3cr3t@//host:1521/shop                      | jdbc:oracle:thin:@//host:1521/shop
            jdbc:oracle:thin:scott/s3cr3t@host:1521:shop                        | jdbc:oracle:thin:@host:1521:shop
            jdbc:oracle:thin:scott/s3cr3t?x@host:1521:shop                      | jdbc:oracle:thin:@host:1521:shop
            jdbc:sqlserver://host:1433;databaseName=shop;password=s3cr3t        | jdbc:sqlserver://host:1433
            jdbc:sqlserver://host;user=jane;PWD={s3cr3t}                        | jdbc:sqlserver://host
            jdbc:sqlserver://host;accessToken=s3cr3t                            | jdbc:sqlserver://host
            jdbc:h2:tcp://host/~/shop;USER=jane;PASSWORD=s3cr3t                 | jdbc:h2:tcp://host/~/shop
            jdbc:db2://host:50000/shop:user=jane;password=s3cr3t;               | jdbc:db2://host:50000/shop
            jdbc:db2://host:50000/shop:password=s3cr3t;                         | jdbc:db2://host:50000/shop
            jdbc:snowflake://host/?user=jane&private_key_pwd=s3cr3t             | jdbc:snowflake://host/
            """)
    void passwords(String url, String shown) throws SQLException {
        JdbcUrl parsed = new JdbcUrl(url);
        assertThat(parsed.secrets()).anyMatch(secret -> secret.contains("s3cr3t"));
        assertThat(parsed.shown()).isEqualTo(shown).doesNotContain("s3cr3t");
        assertThat(JdbcParameters.mistakes("train.jdbc", parsed))
                .anyMatch(sentence -> sentence.startsWith("train.jdbc holds a password."))
                .noneMatch(sentence -> sentence.contains("s3cr3t"));
        SQLException clean = parsed.clean(
                new SQLException("no " + url + " for " + parsed.secrets().get(0), "08001"), null);
        assertThat(clean.getMessage()).doesNotContain("s3cr3t");
        assertThat(clean.getSQLState()).isEqualTo("08001");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            jdbc:postgresql://host/shop                                     | jdbc:postgresql://host/shop
            jdbc:postgresql://a:1,b:2/shop?user=jane@corp&sslmode=require   | jdbc:postgresql://a:1,b:2/shop
            jdbc:postgresql://[::1]:5432/shop                               | jdbc:postgresql://[::1]:5432/shop
            jdbc:postgresql:shop                                            | jdbc:postgresql:shop
            jdbc:mysql://host:3306/shop?serverTimezone=UTC&useSSL=true      | jdbc:mysql://host:3306/shop
            jdbc:mariadb://host/shop?sslMode=verify-full                    | jdbc:mariadb://host/shop
            jdbc:sqlserver://host:1433;databaseName=shop;encrypt=true;      | jdbc:sqlserver://host:1433
            jdbc:oracle:thin:@//host:1521/shop                              | jdbc:oracle:thin:@//host:1521/shop
            jdbc:oracle:thin:@host:1521:shop                                | jdbc:oracle:thin:@host:1521:shop
            jdbc:h2:./shop;IFEXISTS=TRUE                                    | jdbc:h2:./shop
            jdbc:h2:mem:shop                                                | jdbc:h2:mem:shop
            jdbc:sqlite:/data/shop.db                                       | jdbc:sqlite:/data/shop.db
            jdbc:duckdb:                                                    | jdbc:duckdb:
            jdbc:duckdb:/data/shop.duckdb;threads=2                         | jdbc:duckdb:/data/shop.duckdb
            jdbc:duckdb:C:/data/shop.duckdb                                 | jdbc:duckdb:C:/data/shop.duckdb
            jdbc:duckdb::memory:                                            | jdbc:duckdb::memory:
            jdbc:trino://host:8080/catalog/schema                           | jdbc:trino://host:8080/catalog/schema
            """)
    void harmless(String url, String shown) {
        JdbcUrl parsed = new JdbcUrl(url);
        assertThat(parsed.secrets()).isEmpty();
        assertThat(parsed.shown()).isEqualTo(shown);
        assertThat(JdbcParameters.mistakes("train.jdbc", parsed)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            jdbc:postgresql://host/shop?socketFactory=org.Evil&socketFactoryArg=x | socketFactory
            jdbc:postgresql://host/shop?SOCKETFACTORY=org.Evil             | SOCKETFACTORY
            jdbc:postgresql://host/shop?socket%46actory=org.Evil           | socketFactory
            jdbc:postgresql://host/shop?ssl=true&sslfactory=org.Evil       | sslfactory
            jdbc:postgresql://host/shop?sslhostnameverifier=org.Evil       | sslhostnameverifier
            jdbc:postgresql://host/shop?authenticationPluginClassName=Evil | authenticationPluginClassName
            jdbc:postgresql://host/shop?xmlFactoryFactory=org.Evil         | xmlFactoryFactory
            jdbc:postgresql://host/shop?loggerLevel=DEBUG&loggerFile=x.jsp | loggerFile
            jdbc:postgresql://host/shop?options=-c%20x                     | options
            jdbc:postgresql://host/shop?preferQueryMode=simple             | preferQueryMode
            jdbc:postgresql:///?service=evil                               | service
            jdbc:postgresql://host/shop?jaasApplicationName=evil           | jaasApplicationName
            jdbc:mysql://host/shop?autoDeserialize=true                    | autoDeserialize
            jdbc:mysql://host/shop?%61utoDeserialize=true                  | autoDeserialize
            jdbc:mysql://host/shop?queryInterceptors=com.Evil              | queryInterceptors
            jdbc:mysql://host/shop?statementInterceptors=com.Evil          | statementInterceptors
            jdbc:mysql://host/shop?connectionLifecycleInterceptors=Evil    | connectionLifecycleInterceptors
            jdbc:mysql://host/shop?detectCustomCollations=true             | detectCustomCollations
            jdbc:mysql://host/shop?allowLoadLocalInfile=true               | allowLoadLocalInfile
            jdbc:mysql://host/shop?allowUrlInLocalInfile=true              | allowUrlInLocalInfile
            jdbc:mysql://host/shop?allowMultiQueries=true                  | allowMultiQueries
            jdbc:mysql://host/shop?sessionVariables=sql_log_bin=0          | sessionVariables
            jdbc:mysql://host/shop?propertiesTransform=com.Evil            | propertiesTransform
            jdbc:mysql://host/shop?socketFactory=com.Evil                  | socketFactory
            jdbc:mysql://host/shop?trustCertificateKeyStoreUrl=http://x    | trustCertificateKeyStoreUrl
            jdbc:mysql://host/shop?authenticationPlugins=com.Evil          | authenticationPlugins
            jdbc:mysql+srv://host/shop?autoDeserialize=true                | autoDeserialize
            jdbc:mariadb://host/shop?allowLocalInfile=true                 | allowLocalInfile
            jdbc:mariadb://host/shop?allowMultiQueries=true                | allowMultiQueries
            jdbc:mariadb://host/shop?credentialType=ENV                    | credentialType
            jdbc:mariadb://host/shop?socketFactory=com.Evil                | socketFactory
            jdbc:mariadb://host/shop?initSql=DROP%20TABLE%20x              | initSql
            jdbc:mariadb://host/shop?pipe=x                                | pipe
            jdbc:sqlserver://host;socketFactoryClass=com.Evil              | socketFactoryClass
            jdbc:sqlserver://host;trustManagerClass=com.Evil               | trustManagerClass
            jdbc:sqlserver://host;jaasConfigurationName=x                  | jaasConfigurationName
            jdbc:sqlserver://host;keyStoreAuthentication=x                 | keyStoreAuthentication
            jdbc:oracle:thin:@//host:1521/shop?TNS_ADMIN=/tmp/evil         | TNS_ADMIN
            jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://x/y.sql'             | INIT
            jdbc:h2:mem:x;init=CREATE ALIAS E AS 'x'                       | init
            jdbc:h2:mem:x;TRACE_LEVEL_FILE=3                               | TRACE_LEVEL_FILE
            jdbc:h2:mem:x;IFEXISTS=TRUE;FORBID_CREATION=FALSE              | FORBID_CREATION
            jdbc:h2:./x;AUTO_SERVER=TRUE                                   | AUTO_SERVER
            jdbc:h2:mem:x;DATABASE_EVENT_LISTENER='Evil'                   | DATABASE_EVENT_LISTENER
            jdbc:sqlite:x.db?enable_load_extension=true                    | enable_load_extension
            jdbc:duckdb:;session_init_sql_file=x.sql                       | session_init_sql_file
            jdbc:duckdb:x.db;access_mode=read_write                        | access_mode
            jdbc:duckdb:;allow_unsigned_extensions=true                    | allow_unsigned_extensions
            jdbc:duckdb:;autoinstall_known_extensions=true                 | autoinstall_known_extensions
            jdbc:duckdb:;lock_configuration=false                          | lock_configuration
            jdbc:trino://host/x?SSL=true                                   | SSL
            jdbc:derby:memory:x;create=true                                | create
            """)
    void parametersThatARecipeMayNotSet(String url, String parameter) {
        assertThat(JdbcParameters.mistakes("train.jdbc", new JdbcUrl(url)))
                .anyMatch(sentence -> sentence.startsWith("train.jdbc sets " + parameter)
                        && sentence.contains("load classes or run scripts"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            jdbc:mysql://address=(host=h)(autoDeserialize=true)/shop                  | within the address
            jdbc:mysql://(host=h,autoDeserialize=true)/shop                           | within the address
            jdbc:mysql:loadbalance://a,(host=h,allowLoadLocalInfile=true)/shop        | within the address
            jdbc:db2://host:50000/shop:clientRerouteServerListJNDIName=ldap;          | within the address
            jdbc:trino://host;x=y                                                     | within the address
            jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=h)))                        | jdbc:oracle:thin:@//host
            jdbc:oracle:thin:@ldap://evil:389/x                                       | jdbc:oracle:thin:@//host
            jdbc:oracle:thin:@config-https://evil/x                                   | jdbc:oracle:thin:@//host
            jdbc:oracle:oci:@shop                                                     | jdbc:oracle:thin:@//host
            jdbc:duckdb:md:shop                                                       | needs an extension
            jdbc:duckdb:postgres:dbname=x                                             | needs an extension
            jdbc:duckdb:https://example.invalid/x.db                                  | needs an extension
            jdbc:sqlite::resource:http://example.invalid/x.db                         | names a resource
            postgresql://host/shop                                                    | is not a JDBC URL
            """)
    void addressesThatARecipeMayNotUse(String url, String reason) {
        assertThat(JdbcParameters.mistakes("train.jdbc", new JdbcUrl(url)))
                .anyMatch(sentence -> sentence.startsWith("train.jdbc ") && sentence.contains(reason));
    }

    @Test
    void cleansAPasswordThatStandsElsewhere() {
        JdbcUrl url = new JdbcUrl("jdbc:postgresql://host/shop");
        assertThat(url.clean(new SQLException("bad hunter$2long here"), "hunter$2long")
                        .getMessage())
                .isEqualTo("bad *** here");
        assertThat(url.clean(new SQLException("password of a is a"), "a").getMessage())
                .isEqualTo("password of *** is ***");
        SQLException other = new SQLException("other");
        assertThat(url.clean(other, "secret") == other).isTrue();
    }
}
